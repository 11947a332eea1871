using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>The address of a finished export: sealed by the key ring, so that every node knows it, nobody guesses it and it expires.</summary>
internal sealed class ExportLink(ColumnCipher cipher, SallyportOptions options, TimeProvider clock)
{
    /// <summary>As long as the published API gives.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private static readonly AssociatedData Place = new(TenantId.Default, "job", "location", "");

    /// <returns>Null where there is nothing to load.</returns>
    public string? To(Job job)
    {
        if (job is not { Type: Job.UsersExport, FinishedAt: not null })
        {
            return null;
        }

        var id = Encoding.UTF8.GetBytes(job.Id);
        var content = new byte[sizeof(long) + id.Length];
        BinaryPrimitives.WriteInt64BigEndian(content, (clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        id.CopyTo(content, sizeof(long));
        return $"{options.PublicUrl}/exports/{Base64Url.EncodeToString(cipher.Seal(content, Place))}/{job.Id}.{job.Parameters.Format}.gz";
    }

    /// <returns>The id of the job; null where the link is none of ours or has expired.</returns>
    public string? Open(string token)
    {
        try
        {
            var content = cipher.Open(Base64Url.DecodeFromChars(token), Place);
            return BinaryPrimitives.ReadInt64BigEndian(content) > clock.GetUtcNow().ToUnixTimeMilliseconds()
                ? Encoding.UTF8.GetString(content.AsSpan(sizeof(long)))
                : null;
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
