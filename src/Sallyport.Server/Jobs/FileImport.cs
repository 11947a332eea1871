using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Server.Jobs;

/// <summary>Where the import of a file begins: after what a run before it has written, if that was killed.</summary>
/// <param name="Hash">What the file is known by; null for what cannot be read twice.</param>
internal sealed record FileImport(ImportTarget Target, byte[]? Hash, FilePosition Position)
{
    /// <summary>The same file in another way is another import.</summary>
    public static async Task<byte[]> HashAsync(Stream file, ImportTarget target, CancellationToken cancellationToken)
    {
        var content = await SHA256.HashDataAsync(file, cancellationToken);
        file.Position = 0;
        return SHA256.HashData([.. content, .. Encoding.UTF8.GetBytes($"{target.Upsert}\n{target.Connection}")]);
    }
}

/// <param name="Lines">That are done, with those that are empty.</param>
internal readonly record struct FilePosition(long Lines, long Inserted, long Updated, long Failed);
