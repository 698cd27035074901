package dev.gantry.cli.account;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Seven reads of IAM by its query protocol (IAM API reference, "Making query requests"), signed by the SDK's own signer. The
 * SDK's module for IAM has 300 operations, of which nothing else here needs one.
 */
final class IamQueries {
    private static final String VERSION = "2010-05-08";
    private static final int REFUSED = 300;

    private final SdkHttpClient http;
    private final AwsCredentialsProvider credentials;
    private final URI endpoint;
    private final String signingRegion;

    IamQueries(SdkHttpClient http, AwsCredentialsProvider credentials, URI endpoint, String signingRegion) {
        this.http = http;
        this.credentials = credentials;
        this.endpoint = endpoint;
        this.signingRegion = signingRegion;
    }

    /** The texts of all elements of this name in the answer. */
    List<String> texts(String element, String action, Map<String, String> parameters) {
        return all(call(action, parameters), element).stream()
                .map(Element::getTextContent)
                .toList();
    }

    /** What IAM's simulation says of one action on one resource. */
    record Decision(String action, String resource, String decision) {}

    /** SimulatePrincipalPolicy. */
    List<Decision> simulate(String roleArn, List<String> actions, List<String> resources) {
        Map<String, String> parameters = new TreeMap<>(Map.of("PolicySourceArn", roleArn));
        members(parameters, "ActionNames", actions);
        members(parameters, "ResourceArns", resources);
        return all(call("SimulatePrincipalPolicy", parameters), "EvalActionName").stream()
                .map(named -> (Element) named.getParentNode())
                .map(result -> new Decision(
                        text(result, "EvalActionName"), text(result, "EvalResourceName"), text(result, "EvalDecision")))
                .toList();
    }

    private static void members(Map<String, String> parameters, String name, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            parameters.put(name + ".member." + (i + 1), values.get(i));
        }
    }

    private Element call(String action, Map<String, String> parameters) {
        Map<String, String> form = new TreeMap<>(parameters);
        form.put("Action", action);
        form.put("Version", VERSION);
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        try {
            HttpExecuteResponse response = send(body);
            int status = response.httpResponse().statusCode();
            Element answer = parse(response);
            if (status >= REFUSED) {
                throw AwsServiceException.builder()
                        .statusCode(status)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .serviceName("Iam")
                                .errorCode(text(answer, "Code"))
                                .errorMessage(text(answer, "Message"))
                                .build())
                        .build();
            }
            return answer;
        } catch (IOException e) {
            throw SdkClientException.create("IAM did not answer: " + e.getMessage(), e);
        }
    }

    private HttpExecuteResponse send(String body) throws IOException {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .uri(endpoint)
                .method(SdkHttpMethod.POST)
                .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .putHeader("Content-Length", Integer.toString(body.getBytes(StandardCharsets.UTF_8).length))
                .build();
        ContentStreamProvider content = ContentStreamProvider.fromUtf8String(body);
        SignedRequest signed = AwsV4HttpSigner.create().sign(sign -> sign.identity(credentials.resolveCredentials())
                .request(request)
                .payload(content)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "iam")
                .putProperty(AwsV4HttpSigner.REGION_NAME, signingRegion));
        return http.prepareRequest(HttpExecuteRequest.builder()
                        .request(signed.request())
                        .contentStreamProvider(signed.payload().orElse(content))
                        .build())
                .call();
    }

    private static Element parse(HttpExecuteResponse response) throws IOException {
        String body = "";
        if (response.responseBody().isPresent()) {
            try (InputStream in = response.responseBody().get()) {
                body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new InputSource(new StringReader(body))).getDocumentElement();
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("the answer is no XML", e);
        }
    }

    private static List<Element> all(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }

    private static String text(Element parent, String name) {
        return all(parent, name).stream()
                .map(Element::getTextContent)
                .findFirst()
                .orElse("");
    }
}
