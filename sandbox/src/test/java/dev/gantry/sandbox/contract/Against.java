package dev.gantry.sandbox.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The class and those nested in it are tests of one implementation of AWS, whose {@link Endpoint} their methods may take. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(AwsEndpoints.class)
@Timeout(120)
@interface Against {
    Implementation value();
}
