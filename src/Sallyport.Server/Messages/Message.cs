namespace Sallyport.Server.Messages;

/// <summary>Something to be delivered, as it lies sealed in the outbox.</summary>
/// <param name="FileExtension">What the embedded outbox calls its file: <c>eml</c> for an e-mail.</param>
/// <param name="Content">The whole message, ready to be handed on.</param>
/// <param name="Envelope">Of an e-mail.</param>
internal sealed record Message(string Channel, string FileExtension, string Content, MailEnvelope? Envelope = null)
{
    public static Message Of(MimeMessage mail, string clientName) =>
        new("email", "eml", mail.Write(), new MailEnvelope(clientName, mail.FromAddress, mail.To));

    public override string ToString() => $"{Channel} ***";
}
