namespace Sallyport.Server.Messages.Smtp;

/// <summary>RFC 5321 section 4.2: a code and the text of each line.</summary>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int MaxLength = 200;

    /// <summary>For a log and a database column: one line, not without end.</summary>
    public override string ToString()
    {
        var text = HeaderText.Clean(string.Join(' ', Lines), MaxLength);
        return text.Length == 0 ? $"{Code}" : $"{Code} {text}";
    }
}
