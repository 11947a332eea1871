using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Protocols.Otp;

/// <summary>RFC 6238. Knows no clock and keeps no state: the time and the last accepted step come in, the accepted step goes out.</summary>
public static class Totp
{
    /// <summary>Neighbouring steps accepted on each side of the current one; RFC 6238 section 5.2 recommends no more.</summary>
    public const int Skew = 1;

    public static string Code(ReadOnlySpan<byte> secret, DateTimeOffset instant, TotpParameters parameters)
        => Hotp.Code(secret, parameters.At(instant).Number, parameters.Digits, parameters.Algorithm);

    /// <summary>
    /// The step whose code this is, or null if the code is wrong, is no code at all, or belongs to a step that is not later than
    /// <paramref name="lastAcceptedStep"/>. A code is spent only when the caller has stored the returned step, by one conditional
    /// statement: two concurrent calls with the same last step both succeed here.
    /// </summary>
    public static long? Verify(
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<char> code,
        DateTimeOffset now,
        long? lastAcceptedStep,
        TotpParameters parameters)
    {
        var current = parameters.At(now).Number;
        if (code.Length != parameters.Digits || code.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        Span<byte> given = stackalloc byte[Hotp.MaxDigits];
        given = given[..Encoding.ASCII.GetBytes(code, given)];
        Span<byte> expected = stackalloc byte[Hotp.MaxDigits];
        expected = expected[..parameters.Digits];
        long? accepted = null;

        // All steps are evaluated, so the time taken does not tell which one matched. Of two steps with the same code the later
        // is spent: the earlier would leave the code acceptable once more (RFC 6238 section 5.2: one-time only).
        for (var step = current - Skew; step <= current + Skew; step++)
        {
            Hotp.WriteCode(secret, step, parameters.Algorithm, expected);
            var matches = CryptographicOperations.FixedTimeEquals(given, expected);
            var isUnused = lastAcceptedStep is null || step > lastAcceptedStep;
            accepted = matches & isUnused ? step : accepted;
        }

        return accepted;
    }
}
