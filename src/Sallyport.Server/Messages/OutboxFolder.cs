using System.Text;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Messages;

/// <summary>The embedded outbox: until a provider is configured, messages are delivered into a folder, one file each.</summary>
internal sealed class OutboxFolder(SallyportOptions options)
{
    /// <summary>Written whole: to a temporary name, then renamed. A second delivery of the same message replaces the first.</summary>
    public async Task WriteAsync(string id, Message message, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.OutboxDirectory);
        var path = Path.Combine(options.OutboxDirectory, $"{id}.{message.FileExtension}");
        var temporary = path + ".tmp";
        await File.WriteAllTextAsync(temporary, message.Content, new UTF8Encoding(false), cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }
}
