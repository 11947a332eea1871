using System.Globalization;
using System.Text;

namespace Sallyport.Server.Messages;

/// <summary>
/// An e-mail with a text and an HTML part (RFC 5322, RFC 2045, RFC 2046). Whatever the texts hold, they cannot leave
/// their place: headers are encoded words (RFC 2047), bodies are base64.
/// </summary>
internal sealed record MimeMessage
{
    private const int Base64LineLength = 76;

    /// <summary>Of one encoded word, so that it stays within the 75 characters of RFC 2047 section 2.</summary>
    private const int MaxBytesInWord = 42;

    public required string FromName { get; init; }

    public required string FromAddress { get; init; }

    public required string To { get; init; }

    public required string Subject { get; init; }

    public required string Text { get; init; }

    public required string Html { get; init; }

    public required DateTimeOffset Date { get; init; }

    public required string Id { get; init; }

    public string Write()
    {
        var boundary = "=_" + Id;
        var mail = new StringBuilder();
        Header(mail, "Date", Date.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(mail, "From", $"{EncodeWord(FromName)} <{FromAddress}>");
        Header(mail, "To", $"<{To}>");
        Header(mail, "Subject", EncodeWord(Subject));
        Header(mail, "Message-ID", $"<{Id}@{FromAddress[(FromAddress.IndexOf('@') + 1)..]}>");
        // RFC 3834 section 5: no out-of-office answers.
        Header(mail, "Auto-Submitted", "auto-generated");
        Header(mail, "MIME-Version", "1.0");
        Header(mail, "Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        mail.Append("\r\n");
        Part(mail, boundary, "text/plain", Text);
        Part(mail, boundary, "text/html", Html);
        return mail.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n").ToString();
    }

    private static void Header(StringBuilder mail, string name, string value) =>
        mail.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void Part(StringBuilder mail, string boundary, string type, string content)
    {
        mail.Append("--").Append(boundary).Append("\r\n");
        Header(mail, "Content-Type", type + "; charset=utf-8");
        Header(mail, "Content-Transfer-Encoding", "base64");
        mail.Append("\r\n");
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(content));
        foreach (var line in encoded.Chunk(Base64LineLength))
        {
            mail.Append(line).Append("\r\n");
        }
    }

    private static string EncodeWord(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(word.ToString()) + rune.Utf8SequenceLength > MaxBytesInWord)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            word.Append(rune.ToString());
        }

        words.Add(word.ToString());
        return string.Join("\r\n ", words.Select(part => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(part))}?="));
    }
}
