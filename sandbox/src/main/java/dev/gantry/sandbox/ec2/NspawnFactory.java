package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes real machines out of systemd-nspawn: one bridge with a free subnet, and for each machine a network namespace, a
 * cgroup, and a disk in memory over a common image. At most 250 at a time. Closing it, and the end of the JVM by SIGINT
 * or SIGTERM, ends every machine and removes all of that; what SIGKILL leaves, the next sandbox's start removes.
 */
public final class NspawnFactory implements MachineFactory {
    static final Path SOCKET_PROXY = Path.of("/lib/systemd/systemd-socket-proxyd");
    private static final int MAX_MACHINES = 250;
    private static final int SHUTDOWN_SECONDS = 30;

    private final Path image;
    private final RunFolder run;
    private final Subnet subnet;
    private final ExecutorService threads;
    private final Map<String, NspawnMachine> machines = new ConcurrentHashMap<>();
    private final BitSet numbers = new BitSet();
    private final Thread hook = new Thread(this::clear, "gantry-instances-end");
    private Optional<GuestServices> services = Optional.empty();
    private boolean closed;

    /**
     * @param image the folder that scripts/lib/instances/build-image.sh printed
     * @throws IOException where the bridge cannot be made
     */
    public NspawnFactory(Path image) throws IOException {
        if (!Files.isDirectory(image.resolve("usr"))) {
            throw new IOException(
                    "There is no image at " + image + ": build it by scripts/lib/instances/build-image.sh.");
        }
        this.image = image.toRealPath();
        this.threads = threads();
        RunFolder.clearLeftovers();
        this.run = RunFolder.mine();
        // Two sandboxes at the same time would find the same subnet free.
        synchronized (NspawnFactory.class) {
            this.subnet = Subnet.free();
            Runtime.getRuntime().addShutdownHook(hook);
            makeBridge();
        }
    }

    /** After its shutdown, tasks are dropped: Auto Scaling would replace the machines that end with the sandbox. */
    private static ExecutorService threads() {
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "gantry-instance");
            thread.setDaemon(true);
            return thread;
        };
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                1,
                TimeUnit.MINUTES,
                new SynchronousQueue<>(),
                daemons,
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /**
     * Says what the machines find; before the first is made, and after the sandbox listens on {@link #hostAddress()}.
     */
    public synchronized void services(GuestServices offered) {
        services = Optional.of(offered);
    }

    private synchronized GuestServices offered() {
        return services.orElseThrow(() -> new IllegalStateException(
                "NspawnFactory.services has to be called before the first instance is launched."));
    }

    private void makeBridge() throws IOException {
        try {
            Host.must("ip", "link", "add", run.bridge(), "type", "bridge");
            Host.must("ip", "addr", "add", subnet.host() + "/24", "dev", run.bridge());
            Host.must("ip", "link", "set", run.bridge(), "up");
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public Machine create(String instanceId, Ec2.LaunchSpec spec, Machine.Watcher watcher) {
        GuestServices guestServices = offered();
        int number = takeNumber();
        NspawnMachine machine = new NspawnMachine(
                new NspawnMachine.Site(run, image, subnet, number, guestServices),
                instanceId,
                spec,
                watcher,
                threads,
                () -> forget(instanceId, number));
        machines.put(instanceId, machine);
        return machine;
    }

    @Override
    public Optional<InetAddress> hostAddress() {
        try {
            return Optional.of(InetAddress.getByName(subnet.host()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not an address: " + subnet.host(), e);
        }
    }

    /** What the machines' addresses lie in, in CIDR notation. */
    public String network() {
        return subnet.prefix() + ".0/24";
    }

    private synchronized int takeNumber() {
        int number = numbers.nextClearBit(0);
        if (number >= MAX_MACHINES) {
            throw new IllegalStateException("The sandbox runs at most " + MAX_MACHINES + " real instances at a time.");
        }
        numbers.set(number);
        return number;
    }

    private synchronized void forget(String instanceId, int number) {
        machines.remove(instanceId);
        numbers.clear(number);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // The process ends: the hook finds everything cleared.
        }
    }

    private void clear() {
        machines.values().forEach(Machine::terminate);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
            run.clear();
            run.giveBack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("Some of the sandbox's instances could not be removed; the next start tries again: "
                    + e.getMessage());
        }
    }
}
