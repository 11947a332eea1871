using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Sallyport.Server.HostedPages;

/// <summary>A file that is read and compressed once, and again after it has changed.</summary>
internal sealed class Asset(IFileInfo file)
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private Version? version;

    public string ContentType { get; } = ContentTypes.TryGetContentType(file.Name, out var type) ? type : "application/octet-stream";

    /// <param name="accepted">The <c>Accept-Encoding</c> of the request (RFC 9110 section 12.5.3).</param>
    /// <returns>The content in the smallest encoding that is accepted; null is none. The tag differs for each encoding.</returns>
    public (ReadOnlyMemory<byte> Content, string? Encoding, EntityTagHeaderValue Tag) Read(IList<StringWithQualityHeaderValue> accepted)
    {
        var current = Current();
        return
            Accepts(accepted, "br") ? (current.Brotli.Value, "br", Tag(current, "-br"))
            : Accepts(accepted, "gzip") ? (current.GZip.Value, "gzip", Tag(current, "-gz"))
            : (current.Content, null, Tag(current, ""));
    }

    private static bool Accepts(IList<StringWithQualityHeaderValue> accepted, string encoding) =>
        accepted.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality != 0);

    private static EntityTagHeaderValue Tag(Version version, string suffix) => new($"\"{version.Hash}{suffix}\"");

    private Version Current()
    {
        var path = file.PhysicalPath!;
        var changedAt = File.GetLastWriteTimeUtc(path);
        var known = version;
        return known is not null && known.ChangedAt == changedAt ? known : version = new Version(changedAt, File.ReadAllBytes(path));
    }

    private static byte[] Compress(byte[] content, Func<Stream, Stream> open)
    {
        using var result = new MemoryStream();
        using (var compressor = open(result))
        {
            compressor.Write(content);
        }

        return result.ToArray();
    }

    private sealed class Version(DateTime changedAt, byte[] content)
    {
        public DateTime ChangedAt { get; } = changedAt;

        public byte[] Content { get; } = content;

        public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(content)[..16]);

        public Lazy<byte[]> Brotli { get; } = new(() => Compress(content, target => new BrotliStream(target, CompressionLevel.SmallestSize)));

        public Lazy<byte[]> GZip { get; } = new(() => Compress(content, target => new GZipStream(target, CompressionLevel.SmallestSize)));
    }
}
