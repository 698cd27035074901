package dev.gantry.sandbox;

import dev.gantry.sandbox.autoscaling.LaunchTemplates;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Upstream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Launch templates of the account behind the sandbox, and the roles of the instance profiles that they name. */
final class TemplatesBehind implements LaunchTemplates {
    private final Upstream upstream;
    private final String region;

    TemplatesBehind(Upstream upstream, String region) {
        this.upstream = upstream;
        this.region = region;
    }

    @Override
    public Optional<Version> find(Optional<String> id, Optional<String> name, String version) {
        Map<String, String> which = id.map(value -> Map.of("LaunchTemplateId", value))
                .orElseGet(() -> Map.of("LaunchTemplateName", name.orElseThrow()));
        Map<String, String> fields = new TreeMap<>(which);
        fields.put("LaunchTemplateVersion.1", version);
        Element answer = ask("ec2", "DescribeLaunchTemplateVersions", "2016-11-15", fields);
        Element data = first(answer, "launchTemplateData")
                .orElseThrow(() -> AwsError.badRequest(
                        "ValidationError",
                        "You must use a valid fully-formed launch template: " + which + " " + version));
        return Optional.of(new Version(
                text(answer, "launchTemplateId"),
                text(answer, "launchTemplateName"),
                text(answer, "versionNumber"),
                text(data, "instanceType"),
                new String(Base64.getMimeDecoder().decode(text(data, "userData")), StandardCharsets.UTF_8),
                first(data, "iamInstanceProfile").map(this::role)));
    }

    /** A profile is named by its name or by its ARN, whose last part is the name. */
    private String role(Element profile) {
        String arn = text(profile, "arn");
        String name = arn.isEmpty() ? text(profile, "name") : arn.substring(arn.lastIndexOf('/') + 1);
        return text(ask("iam", "GetInstanceProfile", "2010-05-08", Map.of("InstanceProfileName", name)), "RoleName");
    }

    private Element ask(String service, String action, String version, Map<String, String> fields) {
        String body = "Action=" + action + "&Version=" + version
                + fields.entrySet().stream()
                        .map(field -> "&" + field.getKey() + "="
                                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining());
        Map<String, String> form = Map.of("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        return parsed(upstream.ask(service, region, "POST", "/", form, body));
    }

    private static Element parsed(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new IllegalArgumentException("The answer is not XML: " + xml, e);
        }
    }

    private static Optional<Element> first(Element parent, String name) {
        return Optional.ofNullable((Element) parent.getElementsByTagName(name).item(0));
    }

    private static String text(Element parent, String name) {
        return first(parent, name).map(Element::getTextContent).orElse("");
    }
}
