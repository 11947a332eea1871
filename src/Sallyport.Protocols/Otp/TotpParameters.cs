namespace Sallyport.Protocols.Otp;

/// <summary>What server and authenticator agree on at enrollment (RFC 6238 section 4). T0 is always the Unix epoch.</summary>
public readonly record struct TotpParameters
{
    /// <param name="algorithm">The hash function.</param>
    /// <param name="digits">From <see cref="Hotp.MinDigits"/> to <see cref="Hotp.MaxDigits"/>.</param>
    /// <param name="period">Whole seconds, at least one: an otpauth URI can carry nothing finer.</param>
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

    /// <summary>What every authenticator app understands; many silently ignore any other choice.</summary>
    public static TotpParameters Default { get; } = new(OtpAlgorithm.Sha1, 6, TimeSpan.FromSeconds(30));

    public OtpAlgorithm Algorithm { get; }

    public int Digits { get; }

    public TimeSpan Period { get; }

    public TimeStep At(DateTimeOffset instant)
    {
        RequireSet();

        // RFC 6238 section 4.2 asks for the floor; the division truncates, which differs before the epoch.
        var (step, rest) = Math.DivRem((instant - DateTimeOffset.UnixEpoch).Ticks, Period.Ticks);

        return new TimeStep(rest < 0 ? step - 1 : step);
    }

    /// <summary>The threat is <c>default</c>: a code of no digits, which the empty string would match.</summary>
    internal void RequireSet()
    {
        if (this == default)
        {
            throw new InvalidOperationException($"These are no parameters: use {nameof(TotpParameters)}.{nameof(Default)}.");
        }
    }
}

/// <summary>RFC 6238 section 4.2: T, the number of whole periods since the Unix epoch.</summary>
public readonly record struct TimeStep(long Number);

/// <summary>The hash functions of RFC 6238 section 1.2.</summary>
public enum OtpAlgorithm
{
    Sha1,
    Sha256,
    Sha512,
}
