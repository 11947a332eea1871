using Sallyport.Server.Security;

namespace Sallyport.Server.EmailVerification;

/// <summary>The secret in a link. Whoever holds it has read the mail that carried it.</summary>
internal readonly record struct VerificationLink(string Value)
{
    /// <summary>32 letters and digits, 190 bits.</summary>
    private const int Length = 32;

    public static VerificationLink New() => new(Tokens.NewAlphaNumeric(Length));

    /// <returns>False for a text that cannot be one.</returns>
    public static bool TryParse(string? text, out VerificationLink link)
    {
        link = new VerificationLink(text ?? "");
        return text is { Length: Length } && text.All(char.IsAsciiLetterOrDigit);
    }

    public override string ToString() => "***";
}
