using System.Text;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>The embedded outbox: until a provider is configured, messages are delivered into a folder, one file each.</summary>
internal sealed class OutboxFolder(SallyportOptions options)
{
    /// <summary>Written whole: to a temporary name, then renamed. A second delivery of the same message replaces the first.</summary>
    public async Task WriteAsync(string id, Message message, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateDirectory(options.OutboxDirectory);
        var path = Path.Combine(options.OutboxDirectory, $"{id}.{message.FileExtension}");
        var temporary = path + ".tmp";
        await using (var file = PrivateFiles.Create(temporary, FileMode.Create))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(message.Content), cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
