namespace Sallyport.Protocols.Liquid.Values;

/// <summary>Counts down what one rendering may still cost, across all its partials.</summary>
internal sealed class Budget(LiquidLimits limits)
{
    // Bounds memory as well as time: every character of every value made is paid for.
    private const int CharactersPerStep = 16;

    private long _stepsLeft = limits.MaxSteps;

    public int MaxNesting => limits.MaxNesting;

    public int MaxStringLength => limits.MaxStringLength;

    public void Charge(int steps)
    {
        if ((_stepsLeft -= steps) < 0)
        {
            throw new LiquidFault($"the template takes more than {limits.MaxSteps} steps");
        }
    }

    public void ChargeText(int characters) => Charge(characters / CharactersPerStep);

    /// <summary>Call before the characters of a value are counted, hashed or parsed; of anything but text it costs nothing.</summary>
    public void ChargeReading(object? value)
    {
        if (value is string text)
        {
            ChargeText(text.Length);
        }
    }

    /// <summary>Call before a string of this length is made.</summary>
    public void RequireString(long length)
    {
        if (length > limits.MaxStringLength)
        {
            throw new LiquidFault($"a value would be longer than {limits.MaxStringLength} characters");
        }

        ChargeText((int)length);
    }

    public void RequireRange(long length)
    {
        if (length > limits.MaxRangeLength)
        {
            throw new LiquidFault($"a range would have more than {limits.MaxRangeLength} numbers");
        }
    }

    public void RequireNesting(int depth)
    {
        if (depth > limits.MaxNesting)
        {
            throw new LiquidFault($"nested deeper than {limits.MaxNesting} levels");
        }
    }
}

/// <summary>
/// Unwinds a recursive parser or renderer to <see cref="LiquidTemplate"/>, where it becomes a returned error; it goes no further.
/// </summary>
internal sealed class LiquidFault : Exception
{
    private const int LongestQuote = 40;

    public LiquidFault(string message, int offset = 0)
        : base(message) => Offset = offset;

    /// <summary>A part of the source or of a value for a message, which must not become as long as either.</summary>
    public static string Quote(string text) =>
        text.Length <= LongestQuote ? $"'{MarkedText.Unmark(text)}'" : $"'{MarkedText.Unmark(text[..LongestQuote])}…'";

    /// <summary>Where in the source; while rendering the position is the context's.</summary>
    public int Offset { get; }
}
