using System.Text;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Delivers messages of every channel into a folder, one file each, while no provider is enabled.</summary>
internal sealed class OutboxFolder(SallyportOptions options) : IMessageConnection
{
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
                await file.WriteAsync(Encoding.UTF8.GetBytes(message.Content), cancellationToken);
            }
        }

        File.Move(temporary, path, overwrite: true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
