using Sallyport.Server.Security;

namespace Sallyport.Server.Tickets;

/// <summary>The secret that a ticket is. Whoever holds it may enroll its user.</summary>
internal readonly record struct TicketId(string Value)
{
    /// <summary>32 letters and digits, 190 bits.</summary>
    private const int Length = 32;

    private const int MaxLength = 128;

    public static TicketId New() => new(Tokens.NewAlphaNumeric(Length));

    /// <returns>False for a text that cannot be the id of a ticket.</returns>
    public static bool TryParse(string? text, out TicketId id)
    {
        id = new TicketId(text ?? "");
        return text is { Length: > 0 and <= MaxLength } && text.All(char.IsAsciiLetterOrDigit);
    }

    public override string ToString() => "***";
}
