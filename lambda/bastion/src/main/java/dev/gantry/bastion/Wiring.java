package dev.gantry.bastion;

import dev.gantry.bastion.hosts.Hosts;
import dev.gantry.bastion.keys.SshKeys;
import dev.gantry.bastion.store.Bucket;
import dev.gantry.bastion.store.S3Clients;
import java.io.PrintStream;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;

/** Puts the parts together, once for each environment that Lambda starts. */
final class Wiring {
    private final SshKeys keys;
    private final Batch batch;
    private final JsonLog log;
    private final InstantSource clock;

    Wiring(BastionConfig config, SshLogins logins, S3Client s3, PrintStream out, InstantSource clock) {
        Bucket bucket = new Bucket(s3, config.bucket());
        Exchange exchange = new Exchange(new Hosts(bucket, config.subnets(), config.arn()), logins, config.bucket());
        this.keys = new SshKeys(bucket, config.kmsKey(), clock);
        this.log = new JsonLog(out, clock);
        this.batch = new Batch(keys, exchange::with, bucket, log, clock);
        this.clock = clock;
    }

    /** Everything over AWS, as the function's environment variables say. */
    static Wiring fromEnvironment() {
        Map<String, String> environment = System.getenv();
        return new Wiring(
                BastionConfig.of(environment),
                SshLogins.STANDARD,
                S3Clients.fromEnvironment(),
                System.out,
                Clock.systemUTC());
    }

    SshKeys keys() {
        return keys;
    }

    Batch batch() {
        return batch;
    }

    JsonLog log() {
        return log;
    }

    InstantSource clock() {
        return clock;
    }
}
