using System.Text;
using MimeKit;

namespace Sallyport.Server.Messages;

/// <summary>Writes a mail as a MIME message with a text and an HTML part (RFC 5322, RFC 2046).</summary>
internal static class MailMime
{
    /// <summary>RFC 5322 section 2.3: lines end with CRLF on every platform.</summary>
    public static readonly FormatOptions Format = NewFormat();

    /// <exception cref="DeliveryException">Permanent: an address is malformed.</exception>
    public static MimeMessage Create(OutgoingMessage message)
    {
        var mail = MailV1.Read(message);
        var from = Address(mail.FromName, mail.FromAddress);
        var mime = new MimeMessage
        {
            Date = message.CreatedAt,
            // The same in every attempt, so that mail programs recognize a mail that was delivered twice.
            MessageId = $"{message.Id}@{Domain(from)}",
            Subject = mail.Subject,
            Body = new MultipartAlternative(Part("plain", mail.Text), Part("html", mail.Html)),
        };
        mime.From.Add(from);
        mime.To.Add(Address(name: null, mail.To));
        // RFC 3834 section 5: asks for no out-of-office replies.
        mime.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mime;
    }

    /// <summary>The message as it travels, in ASCII.</summary>
    public static async ValueTask<byte[]> WriteAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var mime = Create(message);
        using var stream = new MemoryStream();
        await mime.WriteToAsync(Format, stream, cancellationToken);
        return stream.ToArray();
    }

    private static FormatOptions NewFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }

    private static TextPart Part(string subtype, string text)
    {
        var part = new TextPart(subtype) { ContentTransferEncoding = ContentEncoding.Base64 };
        // RFC 2046 section 4.1.1: lines of text end with CRLF, also inside of base64.
        part.SetText(Encoding.UTF8, text.ReplaceLineEndings("\r\n"));
        return part;
    }

    /// <exception cref="DeliveryException">Permanent: it is not the address of one mailbox.</exception>
    public static MailboxAddress Address(string? name, string address)
    {
        try
        {
            var mailbox = new MailboxAddress(Encoding.UTF8, name, address);
            return mailbox.Address.Contains('@', StringComparison.Ordinal) ? mailbox : throw NoAddress();
        }
        catch (ParseException)
        {
            throw NoAddress();
        }
    }

    private static DeliveryException NoAddress() => DeliveryException.Permanent("The sender or the recipient is not an e-mail address.");

    private static string Domain(MailboxAddress address)
    {
        var ascii = MailboxAddress.EncodeAddrspec(address.Address);
        return ascii[(ascii.LastIndexOf('@') + 1)..];
    }
}
