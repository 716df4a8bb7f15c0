{{- define "greenleaf.labels" -}}
app.kubernetes.io/name: greenleaf
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "greenleaf.selector" -}}
app.kubernetes.io/name: greenleaf
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: shop
{{- end }}

{{- define "greenleaf.security" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- /* What the shop and the job of its schema share. */ -}}
{{- define "greenleaf.container" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
envFrom:
  - secretRef: { name: {{ .Values.secretName }} }
env:
  - { name: AWS_REGION, value: {{ .Values.region | quote }} }
  - { name: GREENLEAF_BASE_URL, value: "https://{{ .Values.host }}" }
  - { name: GREENLEAF_DATA, value: /data }
  - { name: GREENLEAF_MEDIA_URL, value: {{ .Values.mediaUrl | quote }} }
  - { name: GREENLEAF_LOG_FORMAT, value: json }
  - { name: GREENLEAF_TRUSTED_PROXIES, value: {{ .Values.trustedProxies | quote }} }
  - { name: GREENLEAF_NOTICE_SECONDS, value: {{ .Values.noticeSeconds | quote }} }
  - { name: GREENLEAF_DRAIN_SECONDS, value: {{ .Values.drainSeconds | quote }} }
volumeMounts:
  - { name: data, mountPath: /data }
  - { name: tmp, mountPath: /tmp }
{{- end }}

{{- define "greenleaf.volumes" -}}
- { name: data, emptyDir: {} }
- { name: tmp, emptyDir: {} }
{{- end }}
