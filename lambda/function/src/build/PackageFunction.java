import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Run by Maven: {@code PackageFunction ZIP PLATFORM JAR-OR-FOLDER…} makes the functions' package, jars in {@code lib/}.
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
        Path zip = Path.of(arguments[0]);
        String platform = arguments[1];
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.setLevel(9);
            for (Path jar : jars(List.of(arguments).subList(2, arguments.length))) {
                ZipEntry entry = new ZipEntry("lib/" + jar.getFileName());
                entry.setTimeLocal(TIME);
                out.putNextEntry(entry);
                out.write(stored(jar));
                addNative(out, jar, platform);
            }
        }
        System.out.println(zip.getFileName() + ": " + Files.size(zip) + " bytes");
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
