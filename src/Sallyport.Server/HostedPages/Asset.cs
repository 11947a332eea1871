using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Sallyport.Server.HostedPages;

/// <summary>A file with a tag that is made from its content. Read once, and again when it was changed under way.</summary>
internal sealed class Asset(IFileInfo file)
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private Version? version;

    public string ContentType { get; } = ContentTypes.TryGetContentType(file.Name, out var type) ? type : "application/octet-stream";

    public (ReadOnlyMemory<byte> Content, EntityTagHeaderValue Tag) Read()
    {
        var path = file.PhysicalPath!;
        var changedAt = File.GetLastWriteTimeUtc(path);
        var current = version;
        if (current is null || current.ChangedAt != changedAt)
        {
            var content = File.ReadAllBytes(path);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..16])}\"");
            version = current = new Version(changedAt, content, tag);
        }

        return (current.Content, current.Tag);
    }

    private sealed record Version(DateTime ChangedAt, byte[] Content, EntityTagHeaderValue Tag);
}
