using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sallyport.Server.Security;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>
/// Gives out the same few RSA keys again and again: most servers of the tests are new, and each would spend a third of a second of a
/// processor on keys of its own. The keys of one server differ, unless it makes more than <see cref="Count"/>.
/// </summary>
internal sealed class PooledRsaKeys : RsaKeySource
{
    private const int Count = 16;

    private static readonly ConcurrentDictionary<int, Lazy<byte[]>> Keys = new();
    private static int created;

    public override RSA Create()
    {
        var number = (int)((uint)Interlocked.Increment(ref created) % Count);
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Keys.GetOrAdd(number, _ => new Lazy<byte[]>(Generate)).Value, out _);
        return rsa;
    }

    private static byte[] Generate()
    {
        using var rsa = RSA.Create(KeySize);
        return rsa.ExportPkcs8PrivateKey();
    }
}
