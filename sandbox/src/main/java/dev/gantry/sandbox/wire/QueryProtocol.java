package dev.gantry.sandbox.wire;

import java.util.Map;
import java.util.function.Function;

/** The AWS Query protocol: form fields in, XML out, errors as {@code <ErrorResponse>}. */
public final class QueryProtocol implements Protocol {
    private final String namespace;
    private final Function<Caller, QueryService> services;

    public QueryProtocol(QueryService service) {
        this(service.namespace(), caller -> service);
    }

    /** For a service whose answers depend on who asks (STS). */
    public QueryProtocol(String namespace, Function<Caller, QueryService> services) {
        this.namespace = namespace;
        this.services = services;
    }

    @Override
    public Call parse(WireRequest request, Caller caller, String requestId) {
        Map<String, String> fields =
                request.method().equals("GET") ? request.parameters() : WireRequest.form(request.text());
        String action = fields.getOrDefault("Action", "");
        return Protocol.call(action, () -> {
            if (action.isEmpty()) {
                throw AwsError.badRequest("MissingAction", "The request must contain the parameter Action.");
            }
            QueryService service = services.apply(caller);
            String result = service.call(action, fields);
            boolean element = !result.isEmpty() || service.emptyResults().contains(action);
            return answer(
                    action, element ? "<" + action + "Result>" + result + "</" + action + "Result>" : "", requestId);
        });
    }

    private WireResponse answer(String action, String result, String requestId) {
        String xml = "<" + action + "Response xmlns=\"" + namespace + "\">" + result + metadata(requestId) + "</"
                + action + "Response>";
        return WireResponse.text(200, "text/xml", xml).with("x-amzn-RequestId", requestId);
    }

    private static String metadata(String requestId) {
        return "<ResponseMetadata><RequestId>" + requestId + "</RequestId></ResponseMetadata>";
    }

    @Override
    public WireResponse error(AwsError error, String requestId) {
        String xml = "<ErrorResponse xmlns=\"" + namespace + "\"><Error><Type>"
                + (error.status() < 500 ? "Sender" : "Receiver") + "</Type>" + Xml.element("Code", error.code())
                + Xml.element("Message", error.getMessage()) + "</Error><RequestId>" + requestId
                + "</RequestId></ErrorResponse>";
        return WireResponse.text(error.status(), "text/xml", xml)
                .with("x-amzn-RequestId", requestId)
                .failing(error.code());
    }
}
