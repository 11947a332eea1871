namespace Sallyport.Protocols.SocketIo;

/// <summary>The namespaces that the client has joined, and the deadlines for joining and for authenticating.</summary>
internal sealed class NamespaceMembership(SocketSessionOptions options, DateTimeOffset now)
{
    private readonly HashSet<string> _joined = new(StringComparer.Ordinal);
    private bool _isAuthenticated;

    public IReadOnlyCollection<string> Joined => _joined;

    /// <summary>Set while the client is in no namespace.</summary>
    public DateTimeOffset? JoinBy { get; private set; } = now + options.JoinTimeout;

    public DateTimeOffset? AuthenticateBy { get; private set; }

    public bool Contains(string ns) => _joined.Contains(ns);

    public bool TryJoin(string ns, DateTimeOffset now)
    {
        if (!options.Namespaces.Contains(ns))
        {
            return false;
        }

        _joined.Add(ns);
        JoinBy = null;
        AuthenticateBy ??= _isAuthenticated ? null : now + options.AuthenticationTimeout;
        return true;
    }

    public bool Leave(string ns, DateTimeOffset now)
    {
        var wasJoined = _joined.Remove(ns);
        JoinBy ??= _joined.Count == 0 ? now + options.JoinTimeout : null;
        return wasJoined;
    }

    public void MarkAuthenticated()
    {
        _isAuthenticated = true;
        AuthenticateBy = null;
    }

    public void Clear() => _joined.Clear();
}
