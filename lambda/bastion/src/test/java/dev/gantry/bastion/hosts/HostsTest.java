package dev.gantry.bastion.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.bastion.testing.LocalS3;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.stored.Json;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostsTest {
    private static final String KEY = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA==";
    private static final String ARNS = "arn:aws:ec2:eu-central-1:111122223333:instance/";
    private static final String OBJECT = "hostkeys/" + ARNS + Samples.INSTANCE;

    private final LocalS3 s3 = new LocalS3();
    private final InstanceArn arn = new InstanceArn("eu-central-1", "111122223333");
    private final Hosts hosts = new Hosts(s3.bucket(), Subnets.of("10.0.1.0/24"), arn);

    @AfterEach
    void close() {
        s3.close();
    }

    private void writes(String key, InstanceId instance, Consumer<ObjectNode> change) {
        ObjectNode record = Json.object()
                .put("format", 1)
                .put("instance", instance.value())
                .put("address", "10.0.1.5")
                .put("at", "2026-01-31T12:00:00Z");
        record.putArray("keys")
                .add("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== root@ip")
                .add(KEY);
        change.accept(record);
        s3.put(key, record.toString());
    }

    private String refusal(Consumer<ObjectNode> change) {
        writes(OBJECT, Samples.INSTANCE, change);
        return assertThrows(GantryException.Misconfigured.class, () -> hosts.instance(Samples.INSTANCE))
                .getMessage();
    }

    @Test
    void anInstanceIsReadFromTheObjectOfItsArn() {
        writes(OBJECT, Samples.INSTANCE, record -> {});

        HostRecord record = hosts.instance(Samples.INSTANCE);
        assertEquals("10.0.1.5", record.address());
        assertEquals(HostKey.of(KEY), record.keys().get(1));
        assertEquals(
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", record.keys().get(0).toString());
    }

    @Test
    void anInstanceThatHasNotWrittenYetIsRetryableAndTheReasonNamesS3() {
        String message = assertThrows(GantryException.Retryable.class, () -> hosts.instance(Samples.INSTANCE))
                .getMessage();

        assertTrue(message.contains("s3://gantry-sandbox/" + OBJECT), message);
        assertTrue(message.contains("cannot reach S3"), message);
    }

    @Test
    void anAddressOutsideOfTheSubnetsIsRefused() {
        assertEquals(
                "s3://gantry-sandbox/" + OBJECT
                        + ": address '169.254.169.254' does not lie in the subnets of GANTRY_BASTION_SUBNETS",
                refusal(record -> record.put("address", "169.254.169.254")));
    }

    @Test
    void tenHostKeysAreTakenAndMoreAreNot() {
        Consumer<ObjectNode> eight = record -> {
            for (int i = 0; i < 8; i++) {
                ((ArrayNode) record.get("keys")).add(KEY);
            }
        };
        writes(OBJECT, Samples.INSTANCE, eight);

        assertEquals(10, hosts.instance(Samples.INSTANCE).keys().size());
        assertTrue(refusal(eight.andThen(record -> ((ArrayNode) record.get("keys")).add(KEY)))
                .endsWith("keys must have 1 to 10 host keys"));
    }

    @Test
    void textThatCannotBeUsedIsNamed() {
        assertTrue(refusal(r -> r.put("format", 2)).endsWith("format must be 1"));
        assertTrue(refusal(r -> r.put("instance", Samples.BASTION.value())).contains("instance must be i-0123"));
        assertTrue(refusal(r -> r.putArray("keys")).endsWith("keys must have 1 to 10 host keys"));
        assertTrue(
                refusal(r -> r.putArray("keys").add("rubbish")).endsWith("a line that is not an OpenSSH public key"));
        assertTrue(refusal(r -> r.put("keys", KEY)).endsWith("keys must be a list"));
        assertTrue(refusal(r -> r.remove("address")).endsWith("address is missing"));
    }

    @Test
    void anEndlessObjectIsNotRead() {
        assertTrue(refusal(r -> r.put("padding", "x".repeat(100_000))).contains("is longer than 65536 bytes"));
    }

    @Test
    void theNewestBastionIsTheFirst() throws InterruptedException {
        InstanceId older = new InstanceId("i-0000000000000000a");
        writes("bastion/jump/" + ARNS + older, older, r -> {});
        // S3 keeps LastModified in whole seconds.
        String first = s3.client()
                .headObject(h -> h.bucket(LocalS3.BUCKET).key("bastion/jump/" + ARNS + older))
                .lastModified()
                .toString();
        do {
            writes("bastion/jump/" + ARNS + Samples.BASTION, Samples.BASTION, r -> {});
        } while (s3.client()
                .headObject(h -> h.bucket(LocalS3.BUCKET).key("bastion/jump/" + ARNS + Samples.BASTION))
                .lastModified()
                .toString()
                .equals(first));

        assertEquals(
                List.of(Samples.BASTION, older),
                hosts.bastions().stream().map(HostRecord::instance).toList());
    }

    @Test
    void noBastionIsRetryable() {
        assertThrows(GantryException.Retryable.class, hosts::bastions);
    }

    @Test
    void aBastionOfAnotherAccountIsNotBelieved() {
        writes(
                "bastion/jump/arn:aws:ec2:eu-central-1:999999999999:instance/" + Samples.BASTION,
                Samples.BASTION,
                r -> {});

        String message = assertThrows(GantryException.Misconfigured.class, hosts::bastions)
                .getMessage();
        assertTrue(message.contains("is not named by the ARN of an instance of this account"), message);
    }

    @Test
    void oneBastionThatCannotBeUsedDoesNotHideAnother() {
        writes("bastion/jump/" + ARNS + "i-0000000000000000a", Samples.BASTION, r -> r.put("address", "8.8.8.8"));
        writes("bastion/jump/" + ARNS + Samples.BASTION, Samples.BASTION, r -> {});

        assertEquals(
                List.of(Samples.BASTION),
                hosts.bastions().stream().map(HostRecord::instance).toList());
    }

    @Test
    void thePartitionIsTheRegions() {
        assertEquals(
                "arn:aws-cn:ec2:cn-north-1:111122223333:instance/" + Samples.INSTANCE,
                new InstanceArn("cn-north-1", "111122223333").of(Samples.INSTANCE));
        assertEquals(
                "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:instance/" + Samples.INSTANCE,
                new InstanceArn("us-gov-west-1", "111122223333").of(Samples.INSTANCE));
    }

    @Test
    void aJumpObjectThatIsNestedTooDeeplyDoesNotHideTheGoodBastion() {
        String good = "bastion/jump/" + ARNS + Samples.BASTION;
        writes(good, Samples.BASTION, record -> {});
        InstanceId attacker = new InstanceId("i-0aaaaaaaaaaaaaaaa");
        for (String body : List.of("[".repeat(1_006), "{\"a\":" + "9".repeat(1_006) + "}")) {
            s3.put("bastion/jump/" + ARNS + attacker, body);

            assertEquals(
                    List.of(Samples.BASTION),
                    hosts.bastions().stream().map(HostRecord::instance).toList());
        }
    }

    @Test
    void anObjectThatIsNestedTooDeeplyIsRefusedWithItsName() {
        s3.put(OBJECT, "[".repeat(1_006));

        assertEquals(
                "s3://gantry-sandbox/" + OBJECT
                        + ": it is not JSON: it is nested too deeply, or has a name or a number that is too long",
                assertThrows(GantryException.Misconfigured.class, () -> hosts.instance(Samples.INSTANCE))
                        .getMessage());
    }
}
