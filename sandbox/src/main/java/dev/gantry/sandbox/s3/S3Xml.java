package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.WireResponse;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** S3's XML, read and written. */
final class S3Xml {
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private S3Xml() {}

    /** An answer with this content in this root element. */
    static WireResponse answer(String root, String content) {
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root + " xmlns=\"" + NAMESPACE + "\">" + content
                + "</" + root + ">";
        return WireResponse.text(200, "application/xml", xml);
    }

    /** The root element of a request's body. */
    static Element parse(String body) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new InputSource(new StringReader(body))).getDocumentElement();
        } catch (SAXException | IOException e) {
            throw AwsError.badRequest(
                    "MalformedXML",
                    "The XML you provided was not well-formed or did not validate against our published schema");
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the platform's XML parser lacks a feature", e);
        }
    }

    static List<Element> all(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getElementsByTagName(name);
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }

    /** The text of the first element of that name; empty where there is none. */
    static String text(Element parent, String name) {
        return all(parent, name).stream()
                .findFirst()
                .map(Element::getTextContent)
                .orElse("");
    }
}
