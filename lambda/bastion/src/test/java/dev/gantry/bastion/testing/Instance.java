package dev.gantry.bastion.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What is behind an instance's forced command: the real program ({@code ssm-documents/gantry_fallback}), with doubles of systemd
 * ({@code tests/fakes/fake-systemd}), of the metadata service, and of ansible-playbook, which does what the test says.
 */
public final class Instance {
    public static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final Path PROGRAM = ROOT.resolve("ssm-documents");
    private static final Path SYSTEMD = ROOT.resolve("tests/fakes/fake-systemd");

    private final Path folder;

    public Instance(Path folder, String metadata, String s3) {
        this.folder = folder;
        try {
            Files.createDirectories(folder.resolve("units"));
            Files.createDirectories(folder.resolve("bin"));
            for (String name : new String[] {"systemd-run", "systemctl"}) {
                Files.copy(SYSTEMD, folder.resolve("bin/" + name), StandardCopyOption.COPY_ATTRIBUTES);
            }
            // What is written at boot: the fleet and the bucket that every start must name.
            Files.createDirectories(folder.resolve("home/fallback"));
            Files.writeString(
                    folder.resolve("home/fallback/bound.json"),
                    "{\"bucket\": \"" + LocalS3.BUCKET + "\", \"fleet\": \"web\"}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PATH",
                folder.resolve("bin") + ":/usr/sbin:/usr/bin:/sbin:/bin",
                "GANTRY_HOME",
                folder.resolve("home").toString(),
                "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                metadata,
                "AWS_ENDPOINT_URL",
                s3,
                "AWS_ACCESS_KEY_ID",
                "sandbox",
                "AWS_SECRET_ACCESS_KEY",
                "sandbox",
                "PYTHONDONTWRITEBYTECODE",
                "1"));
        StringBuilder script = new StringBuilder();
        environment.forEach((name, value) ->
                script.append("export ").append(name).append("='").append(value).append("'\n"));
        Programs.script(forced(), script + "exec '" + python() + "' -I '" + PROGRAM + "/gantry_fallback' forced");
        // The document's step, which gets its options from the agent and finds the bundle downloaded.
        Programs.script(
                folder.resolve("agent"),
                script + "export AWS_SSM_INSTANCE_ID=" + Samples.INSTANCE + "; cd \"$1\"; exec '" + python() + "' -I '"
                        + PROGRAM + "/gantry_apply' <../options >../output 2>../errors");
    }

    /** A command of Systems Manager's that the agent executes from now on. */
    public Process applyAsTheAgent(String run, byte[] bundle) {
        try {
            Path downloads = Files.createDirectories(folder.resolve("downloads"));
            Files.write(downloads.resolve(sha256(bundle) + ".zip"), bundle);
            Files.writeString(
                    folder.resolve("options"),
                    "PlaybookFile=playbook.yml\nInstallDependencies=False\nRunId=" + run + "\nBundleSha256="
                            + sha256(bundle) + "\nExtraVariables=gantry_bundle=" + sha256(bundle) + "\n");
            return new ProcessBuilder(folder.resolve("agent").toString(), downloads.toString())
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Python that has boto3, as an instance's image has. */
    static Path python() {
        String venv = System.getenv()
                .getOrDefault("GANTRY_VENV", ROOT.resolve(".gantry/venv").toString());
        return Path.of(venv, "bin/python");
    }

    /** Why the program cannot run here; empty if it can. */
    public static java.util.Optional<String> obstacle() {
        return Files.isExecutable(python())
                ? java.util.Optional.empty()
                : java.util.Optional.of("there is no Python with boto3 in .gantry/venv (scripts/test makes it)");
    }

    public Path forced() {
        return folder.resolve("forced");
    }

    /** From now on ansible-playbook is this program of sh. */
    public void ansible(String program) {
        Programs.script(
                folder.resolve("bin/ansible-playbook"),
                "case \"$1\" in --version) echo 'ansible-playbook [core 2.17.1]'; exit ;; esac\nEXECUTED='" + executed()
                        + "'\n" + program);
    }

    /** The file that the test's ansible-playbook writes a line to for each execution. */
    public Path executed() {
        return folder.resolve("executed");
    }

    /** How often it was executed. */
    public int executions() {
        try {
            return Files.exists(executed()) ? Files.readAllLines(executed()).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces one of systemd's programs by a program of sh, which finds the replaced one as {@code $REAL}. */
    public void instead(String name, String program) {
        try {
            Path file = folder.resolve("bin/" + name);
            Path real = Files.createDirectories(folder.resolve("real")).resolve(name);
            Files.move(file, real);
            Programs.script(file, "REAL='" + real + "'\n" + program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills a run's unit, as a reboot does. */
    public void kill(String run) {
        try {
            String pid = Files.readString(folder.resolve("units/gantry-run-" + run + ".service/pid"));
            Programs.run("kill", "-KILL", "--", "-" + pid.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bundle with a playbook in it; the same bytes whenever it is made. */
    public static byte[] bundle() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry playbook = new ZipEntry("playbook.yml");
            playbook.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
            zip.putNextEntry(playbook);
            zip.write("- hosts: all\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
