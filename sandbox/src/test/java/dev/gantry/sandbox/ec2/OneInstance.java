package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A process with one real instance, for tests that kill it: prints {@code up} and waits. */
final class OneInstance {
    private OneInstance() {}

    public static void main(String[] arguments) throws IOException {
        NspawnFactory factory = new NspawnFactory(Path.of(arguments[0]));
        factory.services(new GuestServices(9, Map.of()));
        Ec2.LaunchSpec spec = new Ec2.LaunchSpec(Map.of(), "t3.small", "eu-central-1a", "");
        factory.create("i-0123456789abcdef0", spec, new SayUp()).start();
        System.in.read();
    }

    private static final class SayUp implements Machine.Watcher {
        @Override
        public void up() {
            System.out.println("up");
        }

        @Override
        public void down(boolean rebooting) {
            System.err.println("the instance went down");
        }

        @Override
        public void broken(String why) {
            System.err.println(why);
        }
    }
}
