namespace Sallyport.Server.Audit;

/// <summary>One condition of a search of the log.</summary>
/// <param name="Field">One of <see cref="LogFields"/> or <see cref="DateField"/>; null for a word that may stand in several.</param>
internal sealed record LogTerm(string? Field, string Text)
{
    public const string DateField = "date";

    public bool IsNegated { get; init; }

    /// <summary>The field begins with the text.</summary>
    public bool IsPrefix { get; init; }

    /// <summary>Of a date: the first instant.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>Of a date: the first instant that is too late.</summary>
    public DateTimeOffset Until { get; init; }
}
