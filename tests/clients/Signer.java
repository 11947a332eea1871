import java.security.*;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Scanner;

/** Signs each line of its input as the SDK for Android does: with a key of Java's standard library. Prints modulus and exponent first. */
public class Signer {
    public static void main(String[] arguments) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        // toByteArray writes a leading zero byte, because the number is positive.
        System.out.println(base64.encodeToString(key.getModulus().toByteArray()));
        System.out.println(base64.encodeToString(key.getPublicExponent().toByteArray()));
        Scanner input = new Scanner(System.in);
        while (input.hasNextLine()) {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(input.nextLine().getBytes());
            System.out.println(base64.encodeToString(signature.sign()));
        }
    }
}
