"""The chart as Helm makes it, against the schemas of Kubernetes."""

from pathlib import Path

import kubernetes_validate
import pytest
import yaml

CHART = Path(__file__).resolve().parents[1] / "helm/greenleaf"
GIVEN = {
    "image.repository": "registry.example/greenleaf",
    "image.tag": "1.0",
    "host": "shop.example",
    "secretName": "greenleaf",
    "mediaUrl": "s3://pictures/media",
}
# What runs today at least and at most on EKS.
VERSIONS = ["1.32", "1.37"]


def values(**changed):
    given = GIVEN | {key.replace("_", "."): value for key, value in changed.items()}
    return [f"--set={key}={value}" for key, value in given.items() if value is not None]


@pytest.fixture(scope="session")
def rendered(helm):
    def render(**changed):
        is_content, text = helm("template", "shop", CHART, *values(**changed))
        assert is_content, text
        return {(it["kind"], it["metadata"]["name"]): it for it in yaml.safe_load_all(text) if it}

    return render


def test_helm_finds_nothing_wrong_with_the_chart(helm):
    is_content, text = helm("lint", "--strict", CHART, *values())

    assert is_content, text
    assert "0 chart(s) failed" in text


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_knows_each_field(rendered, version):
    made = rendered(ingress_tlsSecret="tls")

    assert sorted(made) == [
        ("Deployment", "shop"),
        ("HorizontalPodAutoscaler", "shop"),
        ("Ingress", "shop"),
        ("Job", "shop-migrate"),
        ("PodDisruptionBudget", "shop"),
        ("Service", "shop"),
        ("ServiceAccount", "shop"),
    ]
    for it in made.values():
        kubernetes_validate.validate(it, version, strict=True)


def test_a_field_that_kubernetes_does_not_know_is_found(rendered):
    deployment = rendered()["Deployment", "shop"]
    deployment["spec"]["template"]["spec"]["containers"][0]["livenessProbes"] = {}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, VERSIONS[0], strict=True)


def test_the_shop_runs_as_nobody_and_has_time_to_end(rendered):
    made = rendered(drainSeconds=40)

    for kind, name in [("Deployment", "shop"), ("Job", "shop-migrate")]:
        pod = made[kind, name]["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["image"] == "registry.example/greenleaf:1.0"
    assert made["Deployment", "shop"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 50
    assert made["Job", "shop-migrate"]["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"


def test_who_is_led_to_is_who_is_there(rendered):
    made = rendered()
    labels = made["Deployment", "shop"]["spec"]["template"]["metadata"]["labels"]

    selectors = [
        made["Deployment", "shop"]["spec"]["selector"]["matchLabels"],
        made["Service", "shop"]["spec"]["selector"],
        made["PodDisruptionBudget", "shop"]["spec"]["selector"]["matchLabels"],
    ]
    assert all(selector.items() <= labels.items() for selector in selectors)
    migration = made["Job", "shop-migrate"]["spec"]["template"]["metadata"]["labels"]
    assert not any(selector.items() <= migration.items() for selector in selectors)


def test_prometheus_is_told_where_to_look_when_it_is_there(rendered):
    monitor = rendered(serviceMonitor="true")["ServiceMonitor", "shop"]
    service = rendered()["Service", "shop"]

    assert monitor["spec"]["endpoints"] == [{"port": "http", "path": "/metrics", "interval": "15s"}]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()


@pytest.mark.parametrize(
    "changed",
    [
        {"image_tag": "latest"},
        {"image_repository": None},
        {"host": "https://shop.example"},
        {"secretName": ""},
        {"mediaUrl": "file:///media"},
        {"scaling_min": 1},
    ],
)
def test_values_that_would_not_run_are_refused(helm, changed):
    is_content, text = helm("template", "shop", CHART, *values(**changed))

    assert not is_content
    assert "values don't meet the specifications of the schema" in text, text
