using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Protocols.Otp;

/// <summary>
/// Time-based one-time codes (RFC 6238), without a clock and without state: the caller supplies the time and the last accepted step, and stores the
/// step that is returned.
/// </summary>
public static class Totp
{
    /// <summary>Neighbouring steps accepted on each side of the current one; RFC 6238 section 5.2 recommends no more.</summary>
    public const int Skew = 1;

    /// <summary>Computes the code of an instant: <see cref="TotpParameters.Digits"/> digits, with leading zeros.</summary>
    public static string Code(ReadOnlySpan<byte> secret, DateTimeOffset instant, TotpParameters parameters)
        => Hotp.Code(secret, parameters.At(instant).Number, parameters.Digits, parameters.Algorithm);

    /// <summary>
    /// Verifies a code in constant time. A code is used up only when the caller has stored the returned step with one conditional statement:
    /// two concurrent calls with the same last step both succeed here.
    /// </summary>
    /// <param name="secret">The key, at least one byte.</param>
    /// <param name="code">What the user typed, of any length.</param>
    /// <param name="now">The current time.</param>
    /// <param name="lastAcceptedStep">The step of the last accepted code; null if there is none.</param>
    /// <param name="parameters">Algorithm, digits and period.</param>
    /// <returns>
    /// The step of the code; null if the code is wrong or malformed, or if its step is not later than <paramref name="lastAcceptedStep"/>.
    /// </returns>
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

        // All steps are evaluated, so the time does not reveal which one matched. If two steps have the same code, the later one is
        // returned: with the earlier one, the code could be used again (RFC 6238 section 5.2: one-time only).
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
