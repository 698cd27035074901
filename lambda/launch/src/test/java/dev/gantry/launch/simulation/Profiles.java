package dev.gantry.launch.simulation;

import java.util.List;

/** The profile of a seed if none is requested: half of the seeds are faulty, the others calm or hostile. */
final class Profiles {
    private static final List<Profile> ROTA = List.of(Profile.FAULTY, Profile.HOSTILE, Profile.FAULTY, Profile.CALM);

    private Profiles() {}

    static Profile of(long seed) {
        return ROTA.get((int) Math.floorMod(seed, (long) ROTA.size()));
    }
}
