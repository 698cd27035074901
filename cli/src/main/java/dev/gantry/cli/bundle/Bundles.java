package dev.gantry.cli.bundle;

import dev.gantry.cli.base.Problem;
import dev.gantry.launch.id.BundleId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Makes bundles: a playbook tree as a zip, named by the SHA-256 of its bytes. The same tree gives the same bytes on every machine,
 * whatever its clock, umask, locale, file order or Java.
 */
public final class Bundles {
    private static final String GROUP_VARS = "group_vars/all.yml";

    /** Ansible would merge these with the environment's, and no file would show which value counts. */
    private static final Pattern RIVAL = Pattern.compile("group_vars/all(\\.ya?ml|\\.json|/.*)?");

    private static final Comparator<Member> BY_BYTES =
            Comparator.comparing(member -> member.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private Bundles() {}

    /**
     * Makes a bundle.
     *
     * @param values of an environment: they become {@code group_vars/all.yml}
     * @param folder where to put it, made if need be; nothing is there after a refusal
     * @throws Problem naming the file that is refused, and why
     */
    public static Bundle make(Path tree, Optional<Path> values, Path folder) {
        Map<String, Member> members = PlaybookTree.members(tree);
        values.ifPresent(file -> addValues(members, tree, file));
        List<Member> ordered = members.values().stream().sorted(BY_BYTES).toList();
        try {
            Files.createDirectories(folder);
            Path part = folder.resolve(".bundle-" + UUID.randomUUID());
            try {
                return pack(ordered, part, folder);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (StoredZip.Unread e) {
            throw PlaybookTree.unreadable(e.path(), (IOException) e.getCause());
        } catch (StoredZip.TooLarge e) {
            throw PlaybookTree.refused(tree + ": " + e.getMessage());
        } catch (IOException e) {
            throw new Problem(Problem.REFUSED, "cannot write into " + folder + ": " + FileErrors.words(e), e);
        }
    }

    private static Bundle pack(List<Member> members, Path part, Path folder) throws IOException {
        try (StoredZip zip = new StoredZip(part)) {
            for (Member member : members) {
                zip.add(member);
            }
            zip.finish();
        }
        BundleId id = new BundleId(sha256(part));
        Path path = folder.resolve(id.sha256() + ".zip");
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Bundle(id, path, Files.size(path), members.size());
    }

    private static void addValues(Map<String, Member> members, Path tree, Path values) {
        members.keySet().stream().filter(RIVAL.asMatchPredicate()).findFirst().ifPresent(rival -> {
            throw PlaybookTree.refused(tree + ": has " + rival + " itself, which the values of " + values
                    + " would compete with; keep one");
        });
        // These bytes are checked and packed, and not a file that may change meanwhile.
        byte[] content = read(values);
        Values.check(values, content, tree);
        members.put(GROUP_VARS, new Member(GROUP_VARS, false, values, () -> new ByteArrayInputStream(content)));
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw PlaybookTree.unreadable(file, e);
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
            content.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
