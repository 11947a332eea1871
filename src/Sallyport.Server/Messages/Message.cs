namespace Sallyport.Server.Messages;

/// <summary>Something to be delivered, as it lies sealed in the outbox.</summary>
/// <param name="FileExtension">What the embedded outbox calls its file: <c>eml</c> for an e-mail.</param>
/// <param name="Content">The whole message, ready to be handed on.</param>
/// <param name="Envelope">Of an e-mail.</param>
internal sealed record Message(string Channel, string FileExtension, string Content, MailEnvelope? Envelope = null)
{
    /// <param name="sender">The public address of this server.</param>
    public static Message Of(MimeMessage mail, Uri sender) =>
        new("email", "eml", mail.Write(), new MailEnvelope(ClientName(sender), mail.FromAddress, mail.To));

    /// <summary>RFC 5321 section 4.1.3: an address stands in brackets.</summary>
    private static string ClientName(Uri sender) => sender.HostNameType switch
    {
        UriHostNameType.IPv4 => $"[{sender.Host}]",
        UriHostNameType.IPv6 => $"[IPv6:{sender.Host.Trim('[', ']')}]",
        _ => sender.IdnHost,
    };

    public override string ToString() => $"{Channel} ***";
}
