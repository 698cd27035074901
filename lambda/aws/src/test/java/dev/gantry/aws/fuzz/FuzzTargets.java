package dev.gantry.aws.fuzz;

import java.util.List;

/** The targets of one module; it has a constructor without arguments, because Jazzer's process creates it by its name. */
public interface FuzzTargets {
    List<FuzzTarget> all();

    /** The targets of the class with this name. */
    static List<FuzzTarget> named(String className) {
        try {
            return Class.forName(className)
                    .asSubclass(FuzzTargets.class)
                    .getDeclaredConstructor()
                    .newInstance()
                    .all();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("There are no fuzz targets in " + className, e);
        }
    }
}
