using System.Diagnostics;

namespace Sallyport.Server.Tests.Documents;

/// <summary>nginx or HAProxy as a separate process with a documented configuration.</summary>
internal sealed class LoadBalancerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly DirectoryInfo folder;

    private LoadBalancerProcess(Process process, DirectoryInfo folder) => (this.process, this.folder) = (process, folder);

    /// <param name="configuration">The whole configuration of HAProxy, or the content of the <c>http</c> block of nginx.</param>
    public static async Task<LoadBalancerProcess> StartAsync(string program, string configuration)
    {
        var path = Require(program);
        var folder = Directory.CreateTempSubdirectory("sallyport-balancer");
        var file = Path.Combine(folder.FullName, "configuration");
        await File.WriteAllTextAsync(file, program == "nginx" ? NginxFile(configuration, folder.FullName) : configuration);
        var arguments = program == "nginx" ? $"-p {folder} -c {file}" : $"-f {file}";
        await DocumentedCommands.ShouldRunAsync($"{path} {(program == "nginx" ? "-t" : "-c")} {arguments}");

        // The test runner uses the standard output, so the load balancer must not write to it.
        var process = Process.Start("/bin/sh", ["-c", $"exec {path} {(program == "nginx" ? "" : "-db")} {arguments} >/dev/null 2>&1"]);
        return new LoadBalancerProcess(process, folder);
    }

    /// <summary>Skips the test if the program is missing, or fails it with <c>CI=true</c>.</summary>
    /// <returns>The path of the program.</returns>
    public static string Require(string program) => DocumentedCommands.Require(program, program == "nginx" ? "nginx-light" : program);

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static string NginxFile(string http, string folder) => $$"""
        daemon off;
        pid {{folder}}/pid;
        error_log {{folder}}/log;
        events { worker_connections 512; }
        http {
            access_log off;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
        {{http}}
        }
        """;
}
