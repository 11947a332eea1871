namespace Sallyport.Server.Storage;

/// <summary>Creates directories and files that only the server's user may read, because they hold secrets and personal data.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A directory that exists keeps its permissions.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnersFile | UnixFileMode.UserExecute);
        }
    }

    public static FileStream Create(string path, FileMode mode) => Open(path, mode, FileShare.Read);

    /// <summary>Opens a file as a lock between processes, and creates it if it is missing.</summary>
    /// <exception cref="IOException">Another process has locked it.</exception>
    public static FileStream Open(string path, FileShare share) => Open(path, FileMode.OpenOrCreate, share);

    private static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersFile;
        }

        return new FileStream(path, options);
    }
}
