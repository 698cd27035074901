package dev.gantry.aws;

import dev.gantry.launch.BundleId;
import dev.gantry.launch.Fleet;
import dev.gantry.launch.FleetName;
import dev.gantry.launch.port.Fleets;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** {@link S3Fleets} over whichever S3 a subclass in any module names; a bucket is empty when a test begins. */
public abstract class S3FleetsContract extends FleetsContract {
    private S3Client s3;
    private String bucket;
    private Fleets fleets;

    /** To be called before each test. */
    protected final void use(S3Client client, String name) {
        s3 = client;
        bucket = name;
        fleets = new S3Fleets(client, name, () -> Samples.NOW);
    }

    @Override
    final Fleets fleets() {
        return fleets;
    }

    @Override
    final void settings(Fleet fleet) {
        put(Keys.settings(fleet.name()), RequestBody.fromBytes(SettingsJson.write(fleet)));
    }

    @Override
    final void bundle(FleetName fleet, BundleId bundle) {
        put(Keys.bundle(fleet, bundle), RequestBody.fromString("zip"));
    }

    private void put(String key, RequestBody body) {
        s3.putObject(request -> request.bucket(bucket).key(key), body);
    }
}
