package dev.gantry.bastion.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.bastion.hosts.HostKey;
import dev.gantry.bastion.testing.FakeSshHost;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.junit.jupiter.api.Test;

/** Which host keys are accepted, and what is proposed to the host. */
class TrustedKeysTest {
    private static final KeyPair EC = FakeSshHost.keyPair("EC");
    private static final KeyPair OTHER = FakeSshHost.keyPair("EC");
    private static final KeyPair RSA = FakeSshHost.keyPair("RSA");

    private static HostKey key(KeyPair pair) {
        return HostKey.of(FakeSshHost.line(pair));
    }

    private static HostKey ed25519() {
        return new HostKey("ssh-ed25519", key(EC).base64());
    }

    @Test
    void aKeyThatWasWrittenIsAcceptedAndNoOther() {
        TrustedKeys keys = new TrustedKeys(List.of(key(EC), key(RSA)));

        assertTrue(keys.verifyServerKey(null, null, EC.getPublic()));
        assertTrue(keys.verifyServerKey(null, null, RSA.getPublic()));
        assertEquals(Optional.empty(), keys.refused());
        assertFalse(keys.verifyServerKey(null, null, OTHER.getPublic()));
        assertEquals(Optional.of(key(OTHER)), keys.refused());
    }

    @Test
    void onlySignaturesThatProveAWrittenKeyAreProposedAndEd25519ComesLast() {
        TrustedKeys keys = new TrustedKeys(List.of(ed25519(), key(RSA), key(EC), key(OTHER)));

        assertEquals(
                List.of("rsa-sha2-512", "rsa-sha2-256", "ecdsa-sha2-nistp256", "ssh-ed25519"),
                keys.signatures().stream().map(NamedResource::getName).toList());
        assertEquals(List.of(), new TrustedKeys(List.of(new HostKey("ssh-dss", key(EC).base64()))).signatures());
    }

    @Test
    void theFingerprintsOfTheSameKindAreShownOrAllIfThereIsNone() {
        TrustedKeys keys = new TrustedKeys(List.of(key(EC), key(RSA)));
        String ec = key(EC).fingerprint() + " (ecdsa-sha2-nistp256)";
        String rsa = key(RSA).fingerprint() + " (ssh-rsa)";

        assertEquals(ec, keys.fingerprints("ecdsa-sha2-nistp256"));
        assertEquals(rsa, keys.fingerprints("ssh-rsa"));
        assertEquals(ec + ", " + rsa, keys.fingerprints("ssh-ed25519"));
    }
}
