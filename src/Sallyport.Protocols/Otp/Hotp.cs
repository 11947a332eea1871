using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Protocols.Otp;

/// <summary>One-time codes from a counter (RFC 4226), with the hash functions of RFC 6238 section 1.2.</summary>
public static class Hotp
{
    /// <summary>The smallest number of digits (RFC 4226 section 4, requirement R4).</summary>
    public const int MinDigits = 6;

    /// <summary>The largest number of digits (RFC 4226 section 5.3).</summary>
    public const int MaxDigits = 8;

    /// <summary>Computes a code.</summary>
    /// <param name="secret">The key, at least one byte.</param>
    /// <param name="counter">The moving factor; for TOTP, the time step.</param>
    /// <param name="digits">From <see cref="MinDigits"/> to <see cref="MaxDigits"/>.</param>
    /// <param name="algorithm">The hash function.</param>
    /// <returns>The digits, with leading zeros.</returns>
    public static string Code(ReadOnlySpan<byte> secret, long counter, int digits, OtpAlgorithm algorithm)
    {
        Span<byte> code = stackalloc byte[MaxDigits];
        code = code[..digits];
        WriteCode(secret, counter, algorithm, code);

        return Encoding.ASCII.GetString(code);
    }

    /// <summary>Computes a code without allocating. Fills <paramref name="code"/> with ASCII digits; its length is the number of digits.</summary>
    /// <exception cref="ArgumentException">The secret is empty, or the number of digits is out of range.</exception>
    public static void WriteCode(ReadOnlySpan<byte> secret, long counter, OtpAlgorithm algorithm, Span<byte> code)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code.Length, MinDigits, nameof(code));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code.Length, MaxDigits, nameof(code));
        if (secret.IsEmpty)
        {
            throw new ArgumentException("The secret must not be empty.", nameof(secret));
        }

        // RFC 4226 section 5.3, step 1: HS = HMAC(K, C), the counter as 8 bytes, high-order byte first.
        Span<byte> movingFactor = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(movingFactor, counter);
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        hash = hash[..CryptographicOperations.HmacData(HashOf(algorithm), secret, movingFactor, hash)];

        // Step 2: dynamic truncation. The last byte gives the offset for the longer hashes too (RFC 6238 appendix A).
        var offset = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[offset..]) & 0x7fff_ffff;

        // Step 3: the number modulo 10^digits.
        for (var i = code.Length - 1; i >= 0; i--)
        {
            code[i] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }

    private static HashAlgorithmName HashOf(OtpAlgorithm algorithm) => algorithm switch
    {
        OtpAlgorithm.Sha1 => HashAlgorithmName.SHA1,
        OtpAlgorithm.Sha256 => HashAlgorithmName.SHA256,
        OtpAlgorithm.Sha512 => HashAlgorithmName.SHA512,
    };
}
