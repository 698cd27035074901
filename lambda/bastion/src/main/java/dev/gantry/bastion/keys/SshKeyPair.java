package dev.gantry.bastion.keys;

import dev.gantry.bastion.hosts.HostKey;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/**
 * One of the function's key pairs: ECDSA on P-256, which the JDK and every OpenSSH since 5.7 support without additions.
 *
 * <p>The public half is the line that OpenSSH reads ({@code ecdsa-sha2-nistp256 AAAA…}, RFC 5656, 3.1); the private half is PKCS#8
 * in PEM. {@link #toString()} has the public half's fingerprint alone.
 *
 * @param publicLine without a comment
 */
public record SshKeyPair(KeyPair pair, String publicLine, Instant madeAt) {
    private static final String CURVE = "secp256r1";
    private static final String TYPE = "ecdsa-sha2-nistp256";
    private static final String CURVE_OF_SSH = "nistp256";
    private static final int COORDINATE = 32;
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----\n";
    private static final String END = "\n-----END PRIVATE KEY-----\n";

    /** A new pair, drawn from the operating system at each call: snapshots of the function must not share it. */
    public static SshKeyPair make(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE), new SecureRandom());
            KeyPair pair = generator.generateKeyPair();
            return new SshKeyPair(pair, line((ECPublicKey) pair.getPublic()), now);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has ECDSA on P-256", e);
        }
    }

    /**
     * Reads what was stored.
     *
     * @throws IllegalArgumentException if the halves cannot be read; the message quotes nothing of them
     */
    static SshKeyPair of(String privatePem, String publicLine, Instant madeAt) {
        try {
            String rest = privatePem.startsWith(BEGIN) ? privatePem.substring(BEGIN.length()) : "";
            if (!rest.endsWith(END)) {
                throw new IllegalArgumentException("not a private key in PEM");
            }
            byte[] der = Base64.getMimeDecoder().decode(rest.substring(0, rest.length() - END.length()));
            KeyFactory factory = KeyFactory.getInstance("EC");
            ECPrivateKey secret = (ECPrivateKey) factory.generatePrivate(new PKCS8EncodedKeySpec(der));
            ECPoint point = point(publicLine);
            ECPublicKey open = (ECPublicKey) factory.generatePublic(new ECPublicKeySpec(point, secret.getParams()));
            return new SshKeyPair(new KeyPair(open, secret), line(open), madeAt);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an ECDSA key pair on P-256", e);
        }
    }

    /** Names the pair: the fingerprint that {@code sshd} logs and {@code ssh-keygen -l} shows. */
    public String id() {
        return HostKey.of(publicLine).fingerprint();
    }

    String privatePem() {
        return BEGIN
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded())
                + END;
    }

    private static String line(ECPublicKey key) {
        ByteArrayOutputStream point = new ByteArrayOutputStream();
        point.write(4);
        point.writeBytes(coordinate(key.getW().getAffineX()));
        point.writeBytes(coordinate(key.getW().getAffineY()));
        ByteArrayOutputStream blob = new ByteArrayOutputStream();
        string(blob, TYPE.getBytes(StandardCharsets.US_ASCII));
        string(blob, CURVE_OF_SSH.getBytes(StandardCharsets.US_ASCII));
        string(blob, point.toByteArray());
        return TYPE + " " + Base64.getEncoder().encodeToString(blob.toByteArray());
    }

    private static byte[] coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] padded = new byte[COORDINATE];
        int length = Math.min(bytes.length, COORDINATE);
        System.arraycopy(bytes, bytes.length - length, padded, COORDINATE - length, length);
        return padded;
    }

    private static void string(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    /** The last 64 bytes of the blob are the point's coordinates. */
    private static ECPoint point(String publicLine) {
        HostKey key = HostKey.of(publicLine);
        byte[] blob = Base64.getDecoder().decode(key.base64());
        if (!key.type().equals(TYPE) || blob.length < 2 * COORDINATE) {
            throw new IllegalArgumentException("not an " + TYPE + " key");
        }
        int from = blob.length - 2 * COORDINATE;
        return new ECPoint(
                new BigInteger(1, blob, from, COORDINATE), new BigInteger(1, blob, from + COORDINATE, COORDINATE));
    }

    @Override
    public String toString() {
        return id();
    }
}
