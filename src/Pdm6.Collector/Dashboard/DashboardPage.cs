using System.Security.Cryptography;
using System.Text;

namespace Pdm6.Collector.Dashboard;

/// <summary>
/// The live page: one document without external resources, put together from the files beside this one. Its policy
/// lets the browser run exactly this script and this style and talk to this collector only.
/// </summary>
internal sealed class DashboardPage
{
    public DashboardPage()
    {
        string style = Read("page.css");
        string script = "\"use strict\";\n" + Read("format.js") + Read("chart.js") + Read("probes.js") + Read("page.js");
        Html = Encoding.UTF8.GetBytes(Read("page.html")
            .Replace("/*style*/", style, StringComparison.Ordinal)
            .Replace("/*script*/", script, StringComparison.Ordinal));
        ContentSecurityPolicy =
            $"default-src 'none'; style-src {Hash(style)}; script-src {Hash(script)}; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /// <summary>The document, UTF-8.</summary>
    public byte[] Html { get; }

    /// <summary>Its Content-Security-Policy (CSP level 3).</summary>
    public string ContentSecurityPolicy { get; }

    private static string Read(string name)
    {
        using Stream resource = typeof(DashboardPage).Assembly.GetManifestResourceStream("Dashboard/" + name)!;
        using StreamReader text = new(resource, Encoding.UTF8);
        return text.ReadToEnd();
    }

    private static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
