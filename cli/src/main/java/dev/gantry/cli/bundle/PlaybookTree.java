package dev.gantry.cli.bundle;

import dev.gantry.cli.base.Problem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The files of a playbook tree, by their names. Symbolic links to files of the tree are read as those files. */
final class PlaybookTree {
    /** What an instance applies. */
    static final String PLAYBOOK = "playbook.yml";

    /** What tools and editors leave in a tree, and no playbook needs. */
    private static final Pattern EXCLUDED = Pattern.compile(
            "\\.git|__pycache__|\\.ansible|\\.DS_Store|.*\\.retry|.*\\.pyc|.*~|\\.#.*|#.*#|\\..*\\.sw[a-z]|.*\\.(orig|rej)",
            Pattern.UNIX_LINES);

    private static final Pattern CHANGED_BY_UNZIP = Pattern.compile("[\\x00-\\x1f\\x7f\\\\]");

    private final Path top;
    private final Map<String, Member> members = new TreeMap<>();

    private PlaybookTree(Path top) {
        this.top = top;
    }

    /**
     * All files of the tree.
     *
     * @throws Problem naming the file that no bundle can have
     */
    static Map<String, Member> members(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw refused(folder + ": no such folder");
        }
        PlaybookTree tree = read(folder);
        if (!tree.members.containsKey(PLAYBOOK)) {
            throw refused(folder + ": has no " + PLAYBOOK + ", so there is nothing that an instance could apply");
        }
        return tree.members;
    }

    private static PlaybookTree read(Path folder) {
        try {
            PlaybookTree tree = new PlaybookTree(folder.toRealPath());
            tree.walk(tree.top, "");
            return tree;
        } catch (IOException e) {
            throw refused(RawName.shown(folder) + ": cannot be read: " + FileErrors.words(e));
        }
    }

    static Problem refused(String words) {
        return new Problem(Problem.REFUSED, words);
    }

    /** @param prefix what stands before the names of this folder, in bytes */
    private void walk(Path folder, String prefix) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = RawName.of(entry);
                if (!EXCLUDED.matcher(name).matches()) {
                    add(entry, prefix + name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw unreadable(folder, e.getCause());
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private void add(Path entry, String raw) {
        boolean isLink = Files.isSymbolicLink(entry);
        if (isLink && Files.isDirectory(entry)) {
            throw refused(
                    RawName.shown(entry) + ": is a link to a folder or to nothing; put the files themselves there");
        } else if (Files.isDirectory(entry)) {
            walk(entry, raw + "/");
            return;
        }
        String name = name(entry, raw);
        if (isLink) {
            refuseOutside(entry);
        }
        PosixFileAttributes attributes = attributes(entry);
        if (!attributes.isRegularFile()) {
            throw refused(RawName.shown(entry) + ": is neither a file nor a folder");
        }
        boolean isExecutable = attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
        members.put(name, new Member(name, isExecutable, entry, () -> Files.newInputStream(entry)));
    }

    private static String name(Path entry, String raw) {
        String name = RawName.text(raw).orElseThrow(() -> refused(RawName.shown(entry) + ": its name is not UTF-8"));
        if (CHANGED_BY_UNZIP.matcher(name).find()) {
            throw refused(
                    RawName.shown(entry) + ": its name has a backslash or a control character, which unzip may change");
        }
        return name;
    }

    private void refuseOutside(Path link) {
        Path target = target(link);
        if (!target.startsWith(top)) {
            throw refused(RawName.shown(link) + ": is a link out of the tree, to " + RawName.shown(target));
        }
    }

    /** Where a link leads, also where nothing is there. */
    private static Path target(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException nothing) {
            try {
                return link.resolveSibling(Files.readSymbolicLink(link)).normalize();
            } catch (IOException e) {
                throw unreadable(link, e);
            }
        }
    }

    private static PosixFileAttributes attributes(Path entry) {
        try {
            return Files.readAttributes(entry, PosixFileAttributes.class);
        } catch (IOException e) {
            throw unreadable(entry, e);
        }
    }

    static Problem unreadable(Path path, IOException why) {
        return refused(RawName.shown(path) + ": cannot be read: " + FileErrors.words(why));
    }
}
