package dev.gantry.launch.simulation;

import java.util.List;

/** Which profile a seed has, where none is asked for: half of them faulty, the others calm or hostile. */
final class Profiles {
    private static final List<Profile> ROTA = List.of(Profile.FAULTY, Profile.HOSTILE, Profile.FAULTY, Profile.CALM);

    private Profiles() {}

    static Profile of(long seed) {
        return ROTA.get((int) Math.floorMod(seed, (long) ROTA.size()));
    }
}
