namespace Sallyport.Protocols.Otp;

/// <summary>Parameters that server and authenticator share since enrollment (RFC 6238 section 4). T0 is the Unix epoch.</summary>
public readonly record struct TotpParameters
{
    /// <param name="algorithm">The hash function.</param>
    /// <param name="digits">From <see cref="Hotp.MinDigits"/> to <see cref="Hotp.MaxDigits"/>.</param>
    /// <param name="period">Whole seconds, at least one, because an otpauth URI has no smaller unit.</param>
    public TotpParameters(OtpAlgorithm algorithm, int digits, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, Hotp.MinDigits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, Hotp.MaxDigits);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNotEqual(period.Ticks % TimeSpan.TicksPerSecond, 0, nameof(period));

        Algorithm = algorithm;
        Digits = digits;
        Period = period;
    }

    /// <summary>SHA-1, 6 digits, 30 seconds: the parameters that every authenticator app supports. Many apps silently ignore others.</summary>
    public static TotpParameters Default { get; } = new(OtpAlgorithm.Sha1, 6, TimeSpan.FromSeconds(30));

    /// <summary>The hash function.</summary>
    public OtpAlgorithm Algorithm { get; }

    /// <summary>The number of digits of a code.</summary>
    public int Digits { get; }

    /// <summary>The length of a time step, in whole seconds.</summary>
    public TimeSpan Period { get; }

    /// <summary>The time step of an instant (RFC 6238 section 4.2); negative before the epoch.</summary>
    /// <exception cref="InvalidOperationException">The parameters are <c>default</c>.</exception>
    public TimeStep At(DateTimeOffset instant)
    {
        RequireSet();

        // RFC 6238 section 4.2 requires the floor. The division truncates, which differs before the epoch.
        var (step, rest) = Math.DivRem((instant - DateTimeOffset.UnixEpoch).Ticks, Period.Ticks);

        return new TimeStep(rest < 0 ? step - 1 : step);
    }

    /// <summary>Rejects <c>default</c>, with which a code would have no digits and match the empty string.</summary>
    internal void RequireSet()
    {
        if (this == default)
        {
            throw new InvalidOperationException($"The parameters are not set: use {nameof(TotpParameters)}.{nameof(Default)}.");
        }
    }
}

/// <summary>T of RFC 6238 section 4.2.</summary>
/// <param name="Number">The number of whole periods since the Unix epoch.</param>
public readonly record struct TimeStep(long Number);

/// <summary>The hash functions of RFC 6238 section 1.2.</summary>
public enum OtpAlgorithm
{
    Sha1,
    Sha256,
    Sha512,
}
