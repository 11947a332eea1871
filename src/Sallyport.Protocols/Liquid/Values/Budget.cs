namespace Sallyport.Protocols.Liquid.Values;

/// <summary>Counts the remaining cost of one rendering, including its partials.</summary>
internal sealed class Budget(LiquidLimits limits)
{
    // Limits memory as well as time: every character of every value is charged.
    private const int CharactersPerStep = 16;

    private long _stepsLeft = limits.MaxSteps;

    public int MaxStringLength => limits.MaxStringLength;

    public void Charge(int steps)
    {
        if ((_stepsLeft -= steps) < 0)
        {
            throw new LiquidFault($"the template takes more than {limits.MaxSteps} steps");
        }
    }

    public void ChargeText(int characters) => Charge(characters / CharactersPerStep);

    /// <summary>Charges for counting, hashing or parsing the characters of a value. Only text costs something.</summary>
    public void ChargeReading(object? value)
    {
        if (value is string text)
        {
            ChargeText(text.Length);
        }
    }

    /// <summary>Call before a string of this length is created.</summary>
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

/// <summary>Thrown to leave the recursion of the parser or renderer. <see cref="LiquidTemplate"/> returns it as an error.</summary>
internal sealed class LiquidFault : Exception
{
    private const int LongestQuote = 40;

    public LiquidFault(string message, int offset = 0)
        : base(message) => Offset = offset;

    /// <summary>Quotes the start of a source or a value, to keep messages short.</summary>
    public static string Quote(string text) =>
        text.Length <= LongestQuote ? $"'{MarkedText.Unmark(text)}'" : $"'{MarkedText.Unmark(text[..LongestQuote])}…'";

    /// <summary>Offset in the source, set by the parser. The renderer keeps the position in its context.</summary>
    public int Offset { get; }
}
