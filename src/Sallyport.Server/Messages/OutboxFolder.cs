using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Delivers messages of every channel into a folder, one file each, while no provider is enabled.</summary>
internal sealed class OutboxFolder(SallyportOptions options) : IMessageConnection
{
    /// <summary>Keeps texts of every script readable. The file is no part of a page.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes to a temporary name and renames, so that a visible file is complete. A second delivery of the same message replaces the
    /// first.
    /// </summary>
    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateDirectory(options.OutboxDirectory);
        var isMail = message.Channel == Message.Email;
        var path = Path.Combine(options.OutboxDirectory, $"{message.Id}.{(isMail ? "eml" : "json")}");
        var temporary = path + ".tmp";
        await using (var file = PrivateFiles.Create(temporary, FileMode.Create))
        {
            if (isMail)
            {
                using var mail = MailMime.Create(message);
                await mail.WriteToAsync(MailMime.Format, file, cancellationToken);
            }
            else
            {
                await using var json = new Utf8JsonWriter(file, Readable);
                Document(message).WriteTo(json);
            }
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static JsonObject Document(OutgoingMessage message)
    {
        var document = JsonNode.Parse(message.Content)!.AsObject();
        document.Remove("context");
        document["created_at"] = message.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return document;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
