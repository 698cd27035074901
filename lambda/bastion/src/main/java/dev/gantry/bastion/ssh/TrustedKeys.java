package dev.gantry.bastion.ssh;

import dev.gantry.bastion.hosts.HostKey;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;

/** Accepts exactly the host keys that the host wrote at boot, and remembers one that it refused. */
final class TrustedKeys implements ServerKeyVerifier {
    /** The signatures by which a host proves that it has a key; RSA with SHA-1 is left out. */
    private static final Map<String, List<BuiltinSignatures>> SIGNATURES = Map.of(
            "ecdsa-sha2-nistp256", List.of(BuiltinSignatures.nistp256),
            "ecdsa-sha2-nistp384", List.of(BuiltinSignatures.nistp384),
            "ecdsa-sha2-nistp521", List.of(BuiltinSignatures.nistp521),
            "ssh-ed25519", List.of(BuiltinSignatures.ed25519),
            "ssh-rsa", List.of(BuiltinSignatures.rsaSHA512, BuiltinSignatures.rsaSHA256));

    private final List<HostKey> keys;
    private volatile Optional<HostKey> refused = Optional.empty();

    TrustedKeys(List<HostKey> keys) {
        this.keys = keys;
    }

    /**
     * The signature algorithms to propose to the host: those that prove one of these keys and that this program can verify.
     * Ed25519 comes last: it is the only one that needs a library beside the JDK.
     */
    List<NamedFactory<Signature>> signatures() {
        return keys.stream()
                .flatMap(key -> SIGNATURES.getOrDefault(key.type(), List.of()).stream())
                .filter(BuiltinSignatures::isSupported)
                .distinct()
                .sorted(Comparator.comparing(BuiltinSignatures.ed25519::equals))
                .collect(Collectors.toList());
    }

    @Override
    public boolean verifyServerKey(ClientSession session, SocketAddress address, PublicKey offered) {
        HostKey key = HostKey.of(PublicKeyEntry.toString(offered));
        boolean known = keys.contains(key);
        if (!known) {
            refused = Optional.of(key);
        }
        return known;
    }

    /** The key that the host showed and that is not one of these. */
    Optional<HostKey> refused() {
        return refused;
    }

    /** The fingerprints of the known keys of the same type, or of all if there is none of that type. */
    String fingerprints(String type) {
        List<HostKey> same =
                keys.stream().filter(key -> key.type().equals(type)).toList();
        Stream<HostKey> shown = same.isEmpty() ? keys.stream() : same.stream();
        return shown.map(key -> key.fingerprint() + " (" + key.type() + ")").collect(Collectors.joining(", "));
    }
}
