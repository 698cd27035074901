package dev.gantry.cli.console;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Writes a picture of few colours with a palette, which takes a third of the bytes. */
final class SmallPng {
    private static final int COLOURS = 256;

    private SmallPng() {}

    static void write(byte[] png, Path file) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        Map<Integer, Integer> counts = new HashMap<>();
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int pixel : pixels) {
            counts.merge(pixel & 0xf8f8f8, 1, Integer::sum);
        }
        List<Integer> palette = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder()))
                .limit(COLOURS)
                .map(Map.Entry::getKey)
                .toList();
        int[] colours =
                palette.stream().mapToInt(colour -> exact(colour, pixels)).toArray();
        IndexColorModel model =
                new IndexColorModel(8, colours.length, colours, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
        BufferedImage small =
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        Map<Integer, Integer> nearest = new HashMap<>();
        byte[] indexes = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            indexes[i] = (byte) (int) nearest.computeIfAbsent(pixels[i] & 0xffffff, colour -> nearest(colour, colours));
        }
        small.getRaster().setDataElements(0, 0, image.getWidth(), image.getHeight(), indexes);
        ImageIO.write(small, "png", file.toFile());
    }

    /** The most frequent background colours stay exact: a pixel of the bucket gives the colour. */
    private static int exact(int bucket, int[] pixels) {
        for (int pixel : pixels) {
            if ((pixel & 0xf8f8f8) == bucket) {
                return pixel & 0xffffff;
            }
        }
        return bucket;
    }

    private static int nearest(int colour, int[] colours) {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < colours.length; i++) {
            int red = (colour >> 16 & 255) - (colours[i] >> 16 & 255);
            int green = (colour >> 8 & 255) - (colours[i] >> 8 & 255);
            int blue = (colour & 255) - (colours[i] & 255);
            int distance = red * red + green * green + blue * blue;
            if (distance < least) {
                least = distance;
                best = i;
            }
        }
        return best;
    }
}
