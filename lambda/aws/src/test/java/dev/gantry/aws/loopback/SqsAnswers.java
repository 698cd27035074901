package dev.gantry.aws.loopback;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Answers of SQS that need more than a constant. */
public final class SqsAnswers {
    private SqsAnswers() {}

    /** The answer to SendMessage, with the digests that the SDK compares. */
    public static Response taken(LoopbackAws.Call call) {
        JsonNode request = call.json();
        return Response.json("{\"MessageId\":\"m\",\"MD5OfMessageBody\":\""
                + md5(request.path("MessageBody").textValue().getBytes(StandardCharsets.UTF_8))
                + "\",\"MD5OfMessageAttributes\":\"" + md5(encoded(request.path("MessageAttributes"))) + "\"}");
    }

    /** SQS developer guide, "Calculating the MD5 message digest for message attributes". */
    private static byte[] encoded(JsonNode attributes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> names = new ArrayList<>();
        attributes.fieldNames().forEachRemaining(names::add);
        names.stream().sorted().forEach(name -> {
            part(out, name);
            part(out, attributes.path(name).path("DataType").textValue());
            out.write(1);
            part(out, attributes.path(name).path("StringValue").textValue());
        });
        return out.toByteArray();
    }

    private static void part(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
