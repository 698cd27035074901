package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.wire.AwsError;
import java.util.List;
import java.util.function.Predicate;

/**
 * The filters of ListDocuments, in the old spelling ({@code DocumentFilterList}) and in the new one ({@code Filters}).
 */
final class DocumentFilters {
    private DocumentFilters() {}

    static Predicate<Document> parse(JsonNode input, String account) {
        Predicate<Document> all = document -> true;
        for (JsonNode filter : Json.elements(input.path("DocumentFilterList"))) {
            all = all.and(one(
                    filter.path("key").asText(), List.of(filter.path("value").asText()), account));
        }
        for (JsonNode filter : Json.elements(input.path("Filters"))) {
            all = all.and(one(filter.path("Key").asText(), Json.texts(filter.path("Values")), account));
        }
        return all;
    }

    private static Predicate<Document> one(String key, List<String> values, String account) {
        return switch (key) {
            case "Name" -> document -> values.stream().anyMatch(document.name::startsWith);
            case "Owner" -> document -> values.stream().anyMatch(owner -> owns(owner, document, account));
            case "DocumentType" -> document -> values.contains("Command");
            case "PlatformTypes" -> document -> values.contains("Linux") || values.contains("MacOS");
            default -> throw AwsError.badRequest(
                    "InvalidFilterKey",
                    "The sandbox filters documents by Name, Owner, DocumentType and PlatformTypes, not by " + key
                            + ".");
        };
    }

    private static boolean owns(String owner, Document document, String account) {
        return switch (owner) {
            case "Self", "Private" -> document.owner.equals(account);
            case "Public" -> document.owner.equals("Amazon");
            case "All" -> true;
            default -> document.owner.equals(owner);
        };
    }
}
