import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Run by Maven: {@code PackageFunction ITS-SOURCE ZIP=PLATFORM… JAR-OR-FOLDER…} makes the functions' packages, jars in {@code lib/}. A package
 * that was made from the same jars by the same source is left as it is: {@code ZIP.made-from} says what it was made from.
 *
 * <p>The AWS Common Runtime has a native library for each platform. The one of {@code PLATFORM} ({@code linux/x86_64/glibc}) is a file
 * in {@code lib/}, the others are left out; {@code lib/} is on Lambda's library path: from inside its jar it would be unpacked at each cold start.
 *
 * <p>The jars inside are stored, not compressed: the zip then compresses each jar as a whole, which makes it a third
 * smaller, and a cold start inflates nothing. The same jars give the same bytes.
 */
final class PackageFunction {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    /** Native libraries in the Common Runtime's jar: {@code linux/armv8/glibc/libaws-crt-jni.so} and their like. */
    private static final Pattern NATIVE = Pattern.compile("(linux|osx|windows)/.*/(libaws-crt-jni\\.so|.*\\.dylib|.*\\.dll)");

    public static void main(String[] arguments) throws IOException {
        List<String> places = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
        places.removeIf(PackageFunction::isZip);
        List<Path> jars = jars(places);
        String inputs = digest(List.of(Path.of(arguments[0]))) + digest(jars);
        for (String argument : arguments) {
            if (isZip(argument)) {
                String[] wanted = argument.split("=", 2);
                make(Path.of(wanted[0]), wanted[1], jars, inputs);
            }
        }
    }

    private static boolean isZip(String argument) {
        return argument.contains(".zip=");
    }

    private static void make(Path zip, String platform, List<Path> jars, String inputs) throws IOException {
        Path stamp = zip.resolveSibling(zip.getFileName() + ".made-from");
        if (Files.exists(zip) && Files.exists(stamp) && Files.readString(stamp).equals(stampOf(zip, platform, inputs))) {
            System.out.println(zip.getFileName() + " is made from these jars already.");
            return;
        }
        Files.deleteIfExists(stamp);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.setLevel(9);
            for (Path jar : jars) {
                ZipEntry entry = new ZipEntry("lib/" + jar.getFileName());
                entry.setTimeLocal(TIME);
                out.putNextEntry(entry);
                out.write(stored(jar));
                addNative(out, jar, platform);
            }
        }
        Files.writeString(stamp, stampOf(zip, platform, inputs));
        System.out.println(zip.getFileName() + ": " + Files.size(zip) + " bytes");
    }

    /** What a package was made from, and its own digest, so that one that was changed since is made again. */
    private static String stampOf(Path zip, String platform, String inputs) throws IOException {
        return platform + "\n" + inputs + digest(List.of(zip));
    }

    /** A line for each file: digest and name. */
    private static String digest(List<Path> files) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path file : files) {
            byte[] sha256 = sha256().digest(Files.readAllBytes(file));
            lines.append(HexFormat.of().formatHex(sha256)).append(' ').append(file.getFileName()).append('\n');
        }
        return lines.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void addNative(ZipOutputStream out, Path jar, String platform) throws IOException {
        try (ZipFile in = new ZipFile(jar.toFile())) {
            ZipEntry library = in.getEntry(platform + "/libaws-crt-jni.so");
            if (library != null) {
                ZipEntry entry = new ZipEntry("lib/libaws-crt-jni.so");
                entry.setTimeLocal(TIME);
                out.putNextEntry(entry);
                out.write(in.getInputStream(library).readAllBytes());
            }
        }
    }

    private static List<Path> jars(List<String> places) throws IOException {
        Stream<Path> all = Stream.empty();
        for (String place : places) {
            Path path = Path.of(place);
            all = Stream.concat(all, Files.isDirectory(path) ? Files.list(path) : Stream.of(path));
        }
        return all.sorted(java.util.Comparator.comparing(path -> path.getFileName().toString())).toList();
    }

    private static byte[] stored(Path jar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipFile in = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.setMethod(ZipOutputStream.STORED);
            for (Enumeration<? extends ZipEntry> entries = in.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory() && !NATIVE.matcher(entry.getName()).matches()) {
                    store(out, entry.getName(), in.getInputStream(entry).readAllBytes());
                }
            }
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream out, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(TIME);
        out.putNextEntry(entry);
        out.write(content);
    }
}
